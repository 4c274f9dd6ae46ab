// Norm: a sum of squares at half a constraint a term. -1 is a square in Fr, so a^2 + b^2 = (a + i b)(a - i b).
pragma circom 2.1.6;

// A square root of -1 modulo r.
function IMAGINARY_UNIT() {
    return 4407920970296243842541313971887945403937097133418418784715;
}

// Role: squared length of a vector.
// Proves: out = sum_j in[j]^2, modulo r.
// Caller must: bound the terms, so that the sum does not wrap (K lanes of b bits give less than K * 2^(2b)).
template SumOfSquares(n) {
    signal input in[n];
    signal output out;
    signal pair[n \ 2];

    assert(n % 2 == 0);
    var i = IMAGINARY_UNIT();
    var sum = 0;
    for (var k = 0; k < n \ 2; k++) {
        pair[k] <== (in[2 * k] + i * in[2 * k + 1]) * (in[2 * k] - i * in[2 * k + 1]);
        sum += pair[k];
    }
    out <== sum;
}
