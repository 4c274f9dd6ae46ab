// Opening: what all statements share, the preimage of a sponge whose lanes are in range.
pragma circom 2.1.6;

include "blinding.circom";
include "range.circom";
include "pack.circom";
include "sponge.circom";

// Role: fixes a vector and its blinding by one public field element.
// Proves: every lane has `bits` bits, and h is the sponge of the packed lanes followed by rho.
// Caller must: take the domain of this kind of vector and this preset.
template Opening(n, bits, domain) {
    signal input h;
    signal input lanes[n];
    signal input rho[BLINDING_COEFFICIENTS()];

    component range[n];
    component pack = Pack(n, bits);
    for (var j = 0; j < n; j++) {
        range[j] = Range(bits);
        range[j].in <== lanes[j];
        pack.in[j] <== lanes[j];
    }

    var elements = PACKED_ELEMENTS(n, bits);
    component sponge = Sponge(elements + BLINDING_COEFFICIENTS(), domain);
    for (var e = 0; e < elements; e++) {
        sponge.in[e] <== pack.out[e];
    }
    for (var k = 0; k < BLINDING_COEFFICIENTS(); k++) {
        sponge.in[elements + k] <== rho[k];
    }
    h === sponge.out;
}
