// Range: a value has a fixed number of bits. One constraint a bit, and no fewer can do: `bits` quadratic equations
// have at most 2^bits isolated solutions (Bezout).
pragma circom 2.1.6;

// Role: keeps a lane, or a difference, inside [0, 2^bits).
// Proves: `in` is the sum of `bits` booleans times powers of two, over the integers, for 0 < bits < 254.
// Caller must: take `bits` so small that 2^bits < r, or a value would have two forms.
// The top bit is no signal of its own but (in - lower bits) / 2^(bits - 1), which saves a linear constraint a lane.
template Range(bits) {
    signal input in;
    signal bit[bits - 1];

    assert(bits > 0 && bits < 254);

    var rest = in;
    for (var i = 0; i < bits - 1; i++) {
        bit[i] <-- (in >> i) & 1;
        bit[i] * (bit[i] - 1) === 0;
        rest -= bit[i] * (1 << i);
    }
    var top = rest / (1 << (bits - 1));
    top * (top - 1) === 0;
}
