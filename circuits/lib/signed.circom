// Signed: several signed integers that one field element carries, each in digits of its own.
pragma circom 2.1.6;

include "range.circom";

// Role: takes apart a sum of products that was made with numbers packed `stride` bits apart.
// Proves: in = sum_g out[g] * 2^(stride * g) modulo r with every out[g] in [-2^bits, 2^bits).
// Caller must: have stride > bits and stride * (count - 1) + bits + 1 < 253, so that the sum, over the integers, is below r
// and has one such form; give an `in` that has one.
template SplitSigned(count, bits, stride) {
    signal input in;
    signal output out[count];

    assert(stride > bits && stride * (count - 1) + bits + 1 < 253);

    // Offset to be unsigned, and read from the least significant digits.
    var offset = 0;
    for (var g = 0; g < count; g++) {
        offset += 1 << (stride * g + bits);
    }
    var sum = 0;
    component range[count];
    for (var g = 0; g < count; g++) {
        out[g] <-- (((in + offset) >> (stride * g)) & ((1 << (bits + 1)) - 1)) - (1 << bits);
        range[g] = Range(bits + 1);
        range[g].in <== out[g] + (1 << bits);
        sum += out[g] * (1 << (stride * g));
    }
    in === sum;
}
