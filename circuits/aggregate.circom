// The statement about one chunk of a weighted sum of updates, or of probes. It does not grow with their number.
pragma circom 2.1.6;

include "lib/blinding.circom";
include "lib/opening.circom";
include "lib/evaluate.circom";

// Role: the published sum is the vector inside the sum of the commitments.
// Proves: there are lanes v and blinding R with: every v_j has `bits` bits; h is their sponge under `domain`; with
// s_j = v_j - 2^(bits - 1), y = sum_j s_j gamma^j + sum_k R_k gamma^(n+k); norm = sum_j s_j^2.
// Public signals: h, gamma, y, norm.
// Caller must: give values below r; derive gamma from h and from the commitment C, and check that C opens to y at gamma
// (or y ties nothing); keep the sum of the weights so small that no lane of the sum leaves its range (Wmax). The norm is
// at most n * 4^(bits - 1), far below r.
template Aggregate(n, bits, group, domain) {
    signal input h;
    signal input gamma;
    signal input y;
    signal input norm;
    signal input lanes[n];
    signal input rho[BLINDING_COEFFICIENTS()];

    Opening(n, bits, domain)(h, lanes, rho);

    component evaluate = Evaluate(n, 1 << (bits - 1), group);
    evaluate.lanes <== lanes;
    evaluate.rho <== rho;
    evaluate.gamma <== gamma;
    y === evaluate.y;
    norm === evaluate.norm;
}
