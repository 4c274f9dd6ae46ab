// The statement about one chunk of a weighted sum of updates, or of probes. It does not grow with their number.
pragma circom 2.1.6;

include "lib/blinding.circom";
include "lib/horner.circom";
include "lib/opening.circom";

// Role: the published sum is the vector inside the sum of the commitments.
// Proves: there are lanes v and blinding R with: every v_j has `bits` bits; h is their sponge under `domain`; with
// s_j = v_j - 2^(bits - 1), y = sum_j s_j gamma^j + sum_k R_k gamma^(n+k).
// Public signals: h, gamma, y.
// Caller must: give values below r; derive gamma from h and from the commitment C, and check that C opens to y at gamma
// (or y ties nothing); keep the sum of the weights so small that no lane of the sum leaves its range (Wmax).
template Aggregate(n, bits, domain) {
    signal input h;
    signal input gamma;
    signal input y;
    signal input lanes[n];
    signal input rho[BLINDING_COEFFICIENTS()];

    Opening(n, bits, domain)(h, lanes, rho);

    component evaluate = Horner(n + BLINDING_COEFFICIENTS());
    for (var j = 0; j < n; j++) {
        evaluate.in[j] <== lanes[j] - (1 << (bits - 1));
    }
    for (var k = 0; k < BLINDING_COEFFICIENTS(); k++) {
        evaluate.in[n + k] <== rho[k];
    }
    evaluate.x <== gamma;
    y === evaluate.out;
}
