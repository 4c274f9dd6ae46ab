// InnerProduct: one constraint a term.
pragma circom 2.1.6;

// Role: how far one vector goes along another.
// Proves: out = sum_j a[j] * b[j], modulo r.
// Caller must: bound the terms, so that the sum does not wrap; a negative sum is r minus its size.
template InnerProduct(n) {
    signal input a[n];
    signal input b[n];
    signal output out;
    signal product[n];

    var sum = 0;
    for (var j = 0; j < n; j++) {
        product[j] <== a[j] * b[j];
        sum += product[j];
    }
    out <== sum;
}
