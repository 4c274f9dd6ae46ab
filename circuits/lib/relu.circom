// Relu: several packed sums of products, taken apart, and what is negative in them made zero. A sum's sign is a digit of it, so
// that sign and range together cost one constraint a bit.
pragma circom 2.1.6;

// Role: the activations of a dense layer, from its packed sums.
// Proves: in = sum_g s_g 2^((bits + 1) g) over the integers with every s_g in [-2^bits, 2^bits), and out[g] = max(0, s_g).
// Caller must: give an `in` that has such a form; it is unique, since count * (bits + 1) < 253.
template SplitRelu(count, bits) {
    signal input in;
    signal output out[count];

    var stride = bits + 1;
    var digits = count * stride;
    assert(digits < 253);

    // Half the range is added to every sum, so that its top digit is 1 where it is not negative. The top digit of all is the
    // rest, as in Range.
    var offset = 0;
    for (var g = 0; g < count; g++) {
        offset += 1 << (stride * g + bits);
    }
    signal bit[digits - 1];
    var rest = in + offset;
    for (var i = 0; i < digits - 1; i++) {
        bit[i] <-- ((in + offset) >> i) & 1;
        bit[i] * (bit[i] - 1) === 0;
        rest -= bit[i] * (1 << i);
    }
    var top = rest / (1 << (digits - 1));
    top * (top - 1) === 0;

    for (var g = 0; g < count; g++) {
        var size = 0;
        for (var i = 0; i < bits; i++) {
            size += bit[stride * g + i] * (1 << i);
        }
        if (g == count - 1) {
            out[g] <== top * size;
        } else {
            out[g] <== bit[stride * g + bits] * size;
        }
    }
}

// Role: compares two numbers by their difference.
// Proves: in is in [-2^bits, 2^bits), and out is 1 where it is not negative, else 0.
// Caller must: have bits < 252.
template NotNegative(bits) {
    signal input in;
    signal output out;

    signal bit[bits];
    var rest = in + (1 << bits);
    for (var i = 0; i < bits; i++) {
        bit[i] <-- ((in + (1 << bits)) >> i) & 1;
        bit[i] * (bit[i] - 1) === 0;
        rest -= bit[i] * (1 << i);
    }
    out <== rest / (1 << bits);
    out * (out - 1) === 0;
}
