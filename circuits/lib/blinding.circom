// Blinding: how many random coefficients follow the lanes of a committed polynomial.
pragma circom 2.1.6;

// Three: one for the commitment, one for its opening, one for the blinding of the sum, which is published
// (docs/proofs/blinding.md).
function BLINDING_COEFFICIENTS() {
    return 3;
}
