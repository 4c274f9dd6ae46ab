// Pack: lanes of a few bits into field elements, lane 0 in the least significant bits.
pragma circom 2.1.6;

function LANES_PER_ELEMENT(bits) {
    return 253 \ bits;
}

function PACKED_ELEMENTS(lanes, bits) {
    return (lanes + LANES_PER_ELEMENT(bits) - 1) \ LANES_PER_ELEMENT(bits);
}

// Role: shortens what the sponge reads, at no constraint: every element is linear in the lanes.
// Proves: out[e] = sum_i in[e * perElement + i] * 2^(bits * i).
// Caller must: range-check every lane to `bits` bits, or one element would have many openings.
template Pack(lanes, bits) {
    var perElement = LANES_PER_ELEMENT(bits);
    var elements = PACKED_ELEMENTS(lanes, bits);
    signal input in[lanes];
    signal output out[elements];

    for (var e = 0; e < elements; e++) {
        var sum = 0;
        for (var i = 0; i < perElement; i++) {
            if (e * perElement + i < lanes) {
                sum += in[e * perElement + i] * (1 << (bits * i));
            }
        }
        out[e] <== sum;
    }
}
