"""Logistic regression by scikit-learn's SGDClassifier. Its settings are `inputs` and `classes`."""

from sklearn.linear_model import SGDClassifier

import murmur


def make(settings):
    def classifier(rate, seed):
        # One pass over a batch moves by each of its rows.
        return SGDClassifier(
            loss="log_loss", penalty=None, learning_rate="constant", eta0=rate / 32, random_state=seed
        )

    return murmur.Sklearn(classifier, int(settings["inputs"]), int(settings["classes"]))


murmur.serve(make)
