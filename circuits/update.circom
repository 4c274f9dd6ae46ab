// The statement about one chunk of an update, or of a probe.
pragma circom 2.1.6;

include "lib/blinding.circom";
include "lib/opening.circom";
include "lib/evaluate.circom";
include "lib/range.circom";

// Role: the vector inside a commitment is well formed, and nobody learns more than that.
// Proves: there are lanes v and blinding rho with: every v_j has `bits` bits; h is their sponge under `domain`; with
// u_j = v_j - 2^(bits - 1), y = sum_j u_j gamma^j + sum_k rho_k gamma^(n+k); sum_j u_j^2 <= normBound.
// Public signals: h, gamma, y, normBound.
// Caller must: give values below r; derive gamma from h and from the commitment C, and check that C opens to y at gamma
// (or y ties nothing); keep 0 < normBound <= n * 4^(bits - 1). Above that bound proofs may be impossible, never wrong:
// the norm is at most n * 4^(bits - 1) < 2^slackBits, so normBound - norm cannot wrap into the range.
template Update(n, bits, slackBits, group, domain) {
    signal input h;
    signal input gamma;
    signal input y;
    signal input normBound;
    signal input lanes[n];
    signal input rho[BLINDING_COEFFICIENTS()];

    Opening(n, bits, domain)(h, lanes, rho);

    component evaluate = Evaluate(n, 1 << (bits - 1), group);
    evaluate.lanes <== lanes;
    evaluate.rho <== rho;
    evaluate.gamma <== gamma;
    y === evaluate.y;

    Range(slackBits)(normBound - evaluate.norm);
}
