// Sponge: chained Poseidon (Grassi et al. 2021, https://eprint.iacr.org/2019/458), 16 inputs, circomlib's parameters.
pragma circom 2.1.6;

include "circomlib/circuits/poseidon.circom";

// Role: binds the witness by one field element before the challenge exists.
// Proves: state_0 = domain, state_(i+1) = Poseidon16(state_i, in[15 i .. 15 i + 14]), zeros after the last; out is the
// last state.
// Caller must: use one domain for one length, since the padding does not tell lengths apart.
template Sponge(length, domain) {
    var rate = 15;
    var blocks = (length + rate - 1) \ rate;
    signal input in[length];
    signal output out;

    component poseidon[blocks];
    for (var b = 0; b < blocks; b++) {
        poseidon[b] = Poseidon(rate + 1);
        if (b == 0) {
            poseidon[b].inputs[0] <== domain;
        } else {
            poseidon[b].inputs[0] <== poseidon[b - 1].out;
        }
        for (var i = 0; i < rate; i++) {
            if (b * rate + i < length) {
                poseidon[b].inputs[i + 1] <== in[b * rate + i];
            } else {
                poseidon[b].inputs[i + 1] <== 0;
            }
        }
    }
    out <== poseidon[blocks - 1].out;
}
