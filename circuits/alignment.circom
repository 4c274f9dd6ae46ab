// The statement about one chunk of an update measured against the round's references, one vector for each group of
// validators; what it measures is added to what the chunks before it gave, and leaves the last one coarse.
pragma circom 2.1.6;

include "lib/blinding.circom";
include "lib/figures.circom";
include "lib/inner_product.circom";
include "lib/norm.circom";
include "lib/opening.circom";
include "lib/signed.circom";
include "lib/totals.circom";

// Role: an update's contribution, in eight small numbers, without the update.
// Proves: hUpdate is the sponge, under its domain, of lanes of `bits` bits with some blinding; with u_j the lanes less half
// their range, the products sum_j u_j r_gj and the norm sum_j u_j^2 are added to totals, which are zero where `first` is 1
// and before is 0, and else have the hash `before`. out is the totals' hash, or where `last` is 1 their figures.
// Public signals: hUpdate, before, out, then first, last, squaredLength, references, for which verifiers take one point.
// Caller must: give hUpdate, before and out below r; take hUpdate from an accepted `update` of the same round, chunk and
// preset; take the point that stands for first, last, squaredLength and references from who answers for it; give chunk 0
// the before 0, and each other chunk the out of the one before it. An honest point stands for first and last of this chunk,
// squaredLength below 2^32, and references_j = sum_g r_gj 2^(32 g) with abs(r_gj) <= 127.
// Bounds, for n below 8192: the size of a chunk's products is at most n * 128 * 127 < 2^27, a chunk's norm at most n * 128^2 <
// 2^27; over 32 chunks both stay below 2^32.
template Alignment(n, bits, updateDomain) {
    signal input hUpdate;
    signal input before;
    signal input out;
    signal input first;
    signal input last;
    signal input squaredLength;
    signal input references[n];
    signal input lanes[n];
    signal input rho[BLINDING_COEFFICIENTS()];
    signal input productsBefore[GROUPS()];
    signal input normBefore;
    signal input saltBefore;
    signal input salt;

    assert(n < 8192 && bits == 8);

    Opening(n, bits, updateDomain)(hUpdate, lanes, rho);

    component product = InnerProduct(n);
    component squares = SumOfSquares(n);
    for (var j = 0; j < n; j++) {
        product.a[j] <== lanes[j] - (1 << (bits - 1));
        product.b[j] <== references[j];
        squares.in[j] <== lanes[j] - (1 << (bits - 1));
    }
    component split = SplitSigned(GROUPS(), 27, 32);
    split.in <== product.out;

    // The first chunk starts from zero: else a hash of any totals would do.
    first * (first - 1) === 0;
    component hashBefore = TotalsHash();
    hashBefore.products <== productsBefore;
    hashBefore.norm <== normBefore;
    hashBefore.salt <== saltBefore;
    before === (1 - first) * hashBefore.out;
    for (var g = 0; g < GROUPS(); g++) {
        first * productsBefore[g] === 0;
    }
    first * normBefore === 0;

    component hashAfter = TotalsHash();
    component figures = Figures(32, 32);
    for (var g = 0; g < GROUPS(); g++) {
        hashAfter.products[g] <== productsBefore[g] + split.out[g];
        figures.products[g] <== productsBefore[g] + split.out[g];
    }
    hashAfter.norm <== normBefore + squares.out;
    figures.norm <== normBefore + squares.out;
    hashAfter.salt <== salt;
    figures.squaredLength <== squaredLength;

    last * (last - 1) === 0;
    out === hashAfter.out + last * (figures.out - hashAfter.out);
}
