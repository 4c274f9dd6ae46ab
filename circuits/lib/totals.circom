// Totals: what the chunks of an update hand on, hidden, until the last one publishes figures of them.
pragma circom 2.1.6;

include "circomlib/circuits/poseidon.circom";

// Groups of validators, at most.
function GROUPS() {
    return 7;
}

// Role: binds totals between two proofs, and hides them from who sees both.
// Proves: out = Poseidon9(products, norm, salt).
// Caller must: draw a fresh uniform salt for each hash that is published.
template TotalsHash() {
    signal input products[GROUPS()];
    signal input norm;
    signal input salt;
    signal output out;

    component poseidon = Poseidon(GROUPS() + 2);
    for (var g = 0; g < GROUPS(); g++) {
        poseidon.inputs[g] <== products[g];
    }
    poseidon.inputs[GROUPS()] <== norm;
    poseidon.inputs[GROUPS() + 1] <== salt;
    out <== poseidon.out;
}
