// Figures: all that is published about an update, coarse, from exact totals.
pragma circom 2.1.6;

include "range.circom";
include "totals.circom";

// Role: a cosine in units of 1/128, rounded toward zero.
// Proves: with q = (128 product)^2, out is the largest t <= 127 with t^2 square <= q, with the sign of product; and product
// is in [-2^bits, 2^bits).
// Caller must: have 0 < square <= 2^(2 bits), and bits so small that 2^(2 bits + 16) < r. Then q and (t + 1)^2 square are at
// most 2^(2 bits + 14), and no difference of them wraps into a range.
template Cosine(bits) {
    signal input product;
    signal input square;
    signal output out;

    assert(2 * bits + 16 < 253);

    // The sign is the top bit of the product plus half its range.
    signal bit[bits];
    var low = product + (1 << bits);
    for (var i = 0; i < bits; i++) {
        bit[i] <-- ((product + (1 << bits)) >> i) & 1;
        bit[i] * (bit[i] - 1) === 0;
        low -= bit[i] * (1 << i);
    }
    var positive = low / (1 << bits);
    positive * (positive - 1) === 0;

    signal q <== (128 * product) * (128 * product);

    // t by bisection.
    var guess = 0;
    for (var i = 6; i >= 0; i--) {
        if ((guess + (1 << i)) * (guess + (1 << i)) * square <= q) {
            guess += 1 << i;
        }
    }
    signal t[7];
    var size = 0;
    for (var i = 0; i < 7; i++) {
        t[i] <-- (guess >> i) & 1;
        t[i] * (t[i] - 1) === 0;
        size += t[i] * (1 << i);
    }
    // Whether t is 127: then q may be any amount larger.
    signal all[6];
    for (var i = 0; i < 6; i++) {
        if (i == 0) {
            all[i] <== t[0] * t[1];
        } else {
            all[i] <== all[i - 1] * t[i + 1];
        }
    }

    signal once <== size * square;
    signal twice <== size * once;
    Range(2 * bits + 15)(q - twice);
    Range(2 * bits + 16)(twice + 2 * once + square - q - 1 + all[5] * (1 << (2 * bits + 15)));

    out <== size * (2 * positive - 1);
}

// Role: the size of a number to a power of two.
// Proves: out = floor(log2 in), and 0 for 0; and in has `bits` bits.
// Caller must: have bits < 254.
template Bucket(bits) {
    signal input in;
    signal output out;

    // none[i] is 1 where no bit from i + 1 on is set, that is where in < 2^(i + 1). The top bit is the rest, as in Range.
    signal bit[bits - 1];
    signal none[bits - 1];
    var rest = in;
    for (var i = 0; i < bits - 1; i++) {
        bit[i] <-- (in >> i) & 1;
        bit[i] * (bit[i] - 1) === 0;
        rest -= bit[i] * (1 << i);
    }
    var top = rest / (1 << (bits - 1));
    top * (top - 1) === 0;
    none[bits - 2] <== 1 - top;
    var count = 1 - none[bits - 2];
    for (var i = bits - 3; i >= 0; i--) {
        none[i] <== none[i + 1] * (1 - bit[i + 1]);
        count += 1 - none[i];
    }
    out <== count;
}

// Role: what an update is worth, and how long it is, in eight small numbers.
// Proves: with square = squaredLength * norm + 1, which is never 0, score_g is the cosine product_g / sqrt(square) as `Cosine`
// rounds it, and out = sum_g (score_g + 128) 2^(8 g) + bucket 2^56 with the norm's bucket; every product is in [-2^bits,
// 2^bits), norm has `bits` bits and squaredLength `lengthBits`.
// Caller must: have bits + lengthBits <= 2 bits, so that square is at most 2^(2 bits).
template Figures(bits, lengthBits) {
    signal input products[GROUPS()];
    signal input norm;
    signal input squaredLength;
    signal output out;

    assert(lengthBits <= bits);

    Range(lengthBits)(squaredLength);
    component bucket = Bucket(bits);
    bucket.in <== norm;

    signal square <== squaredLength * norm + 1;
    component cosine[GROUPS()];
    var sum = bucket.out * (1 << 56);
    for (var g = 0; g < GROUPS(); g++) {
        cosine[g] = Cosine(bits);
        cosine[g].product <== products[g];
        cosine[g].square <== square;
        sum += (cosine[g].out + 128) * (1 << (8 * g));
    }
    out <== sum;
}
