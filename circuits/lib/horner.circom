// Horner: a polynomial at a point, one constraint a coefficient.
pragma circom 2.1.6;

// Role: ties the witness to the commitment, where no norm is wanted with it.
// Proves: out = sum_(j < n) in[j] * x^j, modulo r.
// Caller must: fix `in` before x exists.
template Horner(n) {
    signal input in[n];
    signal input x;
    signal output out;
    signal acc[n];

    acc[n - 1] <== in[n - 1];
    for (var j = n - 2; j >= 0; j--) {
        acc[j] <== acc[j + 1] * x + in[j];
    }
    out <== acc[0];
}
