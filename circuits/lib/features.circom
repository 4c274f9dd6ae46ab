// Features: the numbers that a record has of its subject, each within the bounds that a model was made for.
pragma circom 2.1.6;

include "pack.circom";
include "range.circom";

// Bits of a feature, sign included, and of a bound's lane.
function FEATURE_BITS() {
    return 16;
}
function BOUND_BITS() {
    return 18;
}

// Role: keeps a record's features in range, and fixes them and their bounds by few elements.
// Proves: every feature has 16 bits with its sign, and lies in [lower, upper], with upper - lower below 2^17; packed are the features
// plus 2^15, bounds the lower ones and the upper ones plus 2^17, each one value alone.
// Caller must: fix `packed` and `bounds`. Bounds need no ranges of their own: they lie within 2^16 of a feature in range.
template Features(n) {
    signal input in[n];
    signal input lower[n];
    signal input upper[n];
    signal output packed[PACKED_ELEMENTS(n, FEATURE_BITS())];
    signal output bounds[PACKED_ELEMENTS(2 * n, BOUND_BITS())];

    component features = Pack(n, FEATURE_BITS());
    component limits = Pack(2 * n, BOUND_BITS());
    component range[n];
    component above[n];
    component below[n];
    for (var j = 0; j < n; j++) {
        range[j] = Range(FEATURE_BITS());
        range[j].in <== in[j] + (1 << (FEATURE_BITS() - 1));
        above[j] = Range(FEATURE_BITS());
        above[j].in <== in[j] - lower[j];
        below[j] = Range(FEATURE_BITS());
        below[j].in <== upper[j] - in[j];
        features.in[j] <== in[j] + (1 << (FEATURE_BITS() - 1));
        limits.in[j] <== lower[j] + (1 << (BOUND_BITS() - 1));
        limits.in[n + j] <== upper[j] + (1 << (BOUND_BITS() - 1));
    }
    packed <== features.out;
    bounds <== limits.out;
}
