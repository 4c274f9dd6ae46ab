// The statement about one chunk of an update measured against the round's reference, the sum of the probes.
pragma circom 2.1.6;

include "lib/blinding.circom";
include "lib/opening.circom";
include "lib/inner_product.circom";
include "lib/norm.circom";

// Role: an update's contribution, without the update.
// Proves: hUpdate and hReference are sponges, under their domains, of lanes of `bits` and `referenceBits` bits with some
// blinding; with u_j and p_j the lanes less half their range, score = sum_j u_j p_j and norm = sum_j u_j^2.
// Public signals: hUpdate, hReference, score, norm.
// Caller must: give values below r; take hUpdate from an accepted `update` and hReference from an accepted `aggregate`
// of the same round, chunk and preset; read a score above r / 2 as score - r. |score| is at most
// n * 2^(bits + referenceBits - 2), far below r / 2.
template Alignment(n, bits, referenceBits, updateDomain, referenceDomain) {
    signal input hUpdate;
    signal input hReference;
    signal input score;
    signal input norm;
    signal input lanes[n];
    signal input rho[BLINDING_COEFFICIENTS()];
    signal input referenceLanes[n];
    signal input referenceRho[BLINDING_COEFFICIENTS()];

    Opening(n, bits, updateDomain)(hUpdate, lanes, rho);
    Opening(n, referenceBits, referenceDomain)(hReference, referenceLanes, referenceRho);

    component product = InnerProduct(n);
    component squares = SumOfSquares(n);
    for (var j = 0; j < n; j++) {
        product.a[j] <== lanes[j] - (1 << (bits - 1));
        product.b[j] <== referenceLanes[j] - (1 << (referenceBits - 1));
        squares.in[j] <== lanes[j] - (1 << (bits - 1));
    }
    score === product.out;
    norm === squares.out;
}
