"""The side of a program in a Murmuration task: import this file, or copy it beside the program. It needs numpy alone.

    import murmur

    class Mean:
        parameters = {"mean": (3,)}                     # names and shapes of what is aggregated, in order

        def __init__(self, settings): ...               # the task's settings
        def initial(self, seed): ...                    # first parameters, by name
        def train(self, model, rows, steps): ...        # parameters after local training, by name
        def predict(self, model, rows): ...             # probabilities, one a class, row by row
        def gradient(self, model, rows): ...            # (mean loss, its gradient by name)

    murmur.serve(Mean)

`model` is a dict of float32 arrays by name, a copy. `rows` has `inputs` (float32, one row an example, already scaled as
the task says), `labels` (int64, from 0) and `classes`. `steps` has `steps`, `batch`, `rate`, `round`, `seed` and
`batches(rows)`. What the program prints goes to standard error. The protocol is in docs/programs.md.
"""

import json
import os
import queue
import sys
import threading
import traceback

import numpy as np

PROTOCOL = 1
LONGEST_TEXT = 500


class Rows:
    """A site's rows."""

    def __init__(self, inputs, labels, classes):
        self.inputs = inputs
        self.labels = labels
        self.classes = classes

    def __len__(self):
        return len(self.labels)


class Steps:
    """One round's local training. The same seed draws the same batches."""

    def __init__(self, header):
        self.steps = header["steps"]
        self.batch = header["batch"]
        self.rate = header["rate"]
        self.round = header["round"]
        self.seed = header["seed"]

    def batches(self, rows):
        """Inputs and labels of each step, drawn with replacement."""
        random = np.random.default_rng(self.seed)
        for step in range(self.steps):
            chosen = random.integers(0, len(rows), self.batch)
            progress(step / self.steps)
            yield rows.inputs[chosen], rows.labels[chosen]


class _Wire:
    """Frames on what were standard input and output: print() and native libraries reach standard error instead."""

    def __init__(self):
        sys.stdout.flush()
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        self._in = os.fdopen(os.dup(0), "rb")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        self._orders = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def order(self):
        return self._orders.get()

    def answer(self, header, arrays=()):
        arrays = [np.ascontiguousarray(each, dtype="<f4").ravel() for each in arrays]
        line = json.dumps({**header, "lengths": [each.size for each in arrays]}, allow_nan=False)
        self._out.write(line.encode() + b"\n")
        for each in arrays:
            self._out.write(each.tobytes())
        self._out.flush()

    def _read(self):
        while True:
            line = self._in.readline()
            if not line:
                os._exit(0)  # The role is gone: what is under way is for nobody.
            header = json.loads(line)
            self._orders.put((header, [self._array(length) for length in header["lengths"]]))

    def _array(self, length):
        data = self._in.read(4 * length)
        if len(data) < 4 * length:
            os._exit(0)
        return np.frombuffer(data, "<f4").astype(np.float32)


_wire = None
_current = None
_told = -1.0


def progress(share, text=""):
    """Says how far an order is, from 0 to 1. Call it as often as you like: each hundredth is sent once."""
    global _told
    if _wire and _current is not None and int(share * 100) != int(_told * 100):
        _told = share
        message = {"answer": "progress", "number": _current, "share": min(1.0, max(0.0, share)), "text": text}
        _wire.answer({**message, "text": text[:LONGEST_TEXT]})


def serve(make):
    """Answers a role until it is gone. `make(settings)` gives the program."""
    global _wire, _current, _told
    _wire = _Wire()
    server = _Server(make)
    while True:
        header, arrays = _wire.order()
        _current, _told = header["number"], -1.0
        try:
            fields, results = server.obey(header, arrays)
            _wire.answer({"answer": "given", "number": _current, **fields}, results)
        except Exception as error:
            traceback.print_exc()
            text = f"{type(error).__name__}: {error}"[:LONGEST_TEXT]
            _wire.answer({"answer": "failed", "number": _current, "text": text})
        _current = None


class _Server:
    def __init__(self, make):
        self._make = make
        self._program = None
        self._tables = {}

    def obey(self, header, arrays):
        order = header["order"]
        if order == "describe":
            if header["protocol"] != PROTOCOL:
                raise ValueError(f"the protocol is {header['protocol']}, but murmur.py speaks {PROTOCOL}")
            self._program = self._make(header["settings"])
            shapes = self._program.parameters.items()
            return {"parameters": [{"name": name, "shape": [int(n) for n in shape]} for name, shape in shapes]}, []
        program = self._program
        if order == "initial":
            return {}, [self._flat(program.initial(header["seed"]))]
        if order == "take":
            inputs, labels = arrays
            inputs = inputs.reshape(header["count"], *header["shape"])
            self._tables[header["table"]] = Rows(inputs, labels.astype(np.int64), header["classes"])
            return {}, []
        rows, model = self._tables[header["table"]], self._named(arrays[0])
        if order == "train":
            after = self._flat(program.train(model, rows, Steps(header)))
            return {}, [after - arrays[0]]
        if order == "predict":
            return {}, [program.predict(model, rows)]
        if order == "gradient":
            loss, gradient = program.gradient(model, rows)
            return {"loss": float(loss)}, [self._flat(gradient)]
        raise ValueError(f"the order is {order}, which this version does not know")

    def _named(self, flat):
        model, at = {}, 0
        for name, shape in self._program.parameters.items():
            size = int(np.prod(shape))
            model[name] = flat[at : at + size].reshape(shape).copy()
            at += size
        return model

    def _flat(self, named):
        parts = []
        for name, shape in self._program.parameters.items():
            part = np.asarray(named[name], dtype=np.float32)
            if part.shape != tuple(shape):
                raise ValueError(f"{name} has shape {part.shape}, but its parameter has {tuple(shape)}")
            parts.append(part.ravel())
        return np.concatenate(parts)


class Torch:
    """A PyTorch module as a program. `module` gives logits, one a class.

    What is aggregated are its parameters that ask for a gradient: frozen ones stay, and so do buffers, which are as
    they were made at every order. Statistics that a layer gathers while it trains (BatchNorm) are buffers: use
    LayerNorm or GroupNorm. `make(settings)` must make the same frozen parameters and buffers at every site.
    """

    def __init__(self, make, settings, optimizer=None):
        import torch

        self._torch = torch
        if "OMP_NUM_THREADS" not in os.environ:
            torch.set_num_threads(1)  # Small models gain nothing by more, and a site may run several roles.
        self._make = lambda: make(settings)
        self._optimizer = optimizer or (lambda parameters, rate: torch.optim.SGD(parameters, lr=rate))
        torch.manual_seed(0)
        self._module = self._make()
        self._buffers = {name: value.clone() for name, value in self._module.named_buffers()}
        self.parameters = {name: tuple(value.shape) for name, value in self._trained(self._module)}

    def initial(self, seed):
        self._torch.manual_seed(seed)
        return {name: value.detach().numpy() for name, value in self._trained(self._make())}

    def train(self, model, rows, steps):
        torch = self._torch
        self._load(model)
        torch.manual_seed(steps.seed)
        self._module.train()
        optimizer = self._optimizer([value for _, value in self._trained(self._module)], steps.rate)
        for inputs, labels in steps.batches(rows):
            optimizer.zero_grad()
            logits = self._module(torch.from_numpy(inputs))
            torch.nn.functional.cross_entropy(logits, torch.from_numpy(labels)).backward()
            optimizer.step()
        return {name: value.detach().numpy() for name, value in self._trained(self._module)}

    def predict(self, model, rows):
        torch = self._torch
        self._load(model)
        self._module.eval()
        with torch.no_grad():
            parts = torch.from_numpy(rows.inputs).split(256)
            return np.concatenate([self._module(part).softmax(1).numpy() for part in parts])

    def gradient(self, model, rows):
        torch = self._torch
        self._load(model)
        self._module.eval()
        self._module.zero_grad()
        logits = self._module(torch.from_numpy(rows.inputs))
        loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(rows.labels))
        loss.backward()
        gradient = {name: value.grad.numpy() for name, value in self._trained(self._module)}
        return loss.item(), gradient

    @staticmethod
    def _trained(module):
        return [(name, value) for name, value in module.named_parameters() if value.requires_grad]

    def _load(self, model):
        with self._torch.no_grad():
            for name, value in self._trained(self._module):
                value.copy_(self._torch.from_numpy(model[name]))
            for name, value in self._module.named_buffers():
                value.copy_(self._buffers[name])


class Sklearn:
    """A linear classifier of scikit-learn that learns by `partial_fit`, such as SGDClassifier, as a program.

    `make(rate, seed)` gives the estimator; `coef_` and `intercept_` are aggregated.
    """

    def __init__(self, make, inputs, classes):
        self._make = make
        self._classes = np.arange(classes)
        outputs = 1 if classes == 2 else classes
        self.parameters = {"coef_": (outputs, inputs), "intercept_": (outputs,)}

    def initial(self, seed):
        return {name: np.zeros(shape) for name, shape in self.parameters.items()}

    def train(self, model, rows, steps):
        estimator = self._estimator(model, steps.rate, steps.seed)
        for inputs, labels in steps.batches(rows):
            estimator.partial_fit(inputs.astype(np.float64), labels, classes=self._classes)
        return {"coef_": estimator.coef_, "intercept_": estimator.intercept_}

    def predict(self, model, rows):
        return self._estimator(model).predict_proba(rows.inputs.astype(np.float64))

    def gradient(self, model, rows):
        """Of the logistic loss: of two classes by one logit, of several by one against the rest for each."""
        logits = rows.inputs @ model["coef_"].T + model["intercept_"]
        wanted = (rows.labels[:, None] == (self._classes if logits.shape[1] > 1 else [1])).astype(np.float32)
        loss = np.mean(np.sum(np.logaddexp(0, logits) - wanted * logits, axis=1))
        error = (1 / (1 + np.exp(-logits)) - wanted) / len(rows)
        return loss, {"coef_": error.T @ rows.inputs, "intercept_": error.sum(0)}

    def _estimator(self, model, rate=1.0, seed=0):
        estimator = self._make(rate, seed)
        # A first call gives the estimator its form; what it learns there is overwritten.
        shape = (len(self._classes), self.parameters["coef_"][1])
        estimator.partial_fit(np.zeros(shape), self._classes, classes=self._classes)
        estimator.coef_ = model["coef_"].astype(np.float64)
        estimator.intercept_ = model["intercept_"].astype(np.float64)
        return estimator
