// Evaluate: the committed polynomial at the challenge and the vector's squared norm, together at one constraint a
// coordinate: for a group of coordinates u and the powers g = (1, gamma, gamma^2, ...)
//     2 <u, g> = |u + g|^2 - |u|^2 - |g|^2,
// and a sum of squares costs half a constraint a term (norm.circom). Horner's rule joins the groups.
pragma circom 2.1.6;

include "blinding.circom";
include "norm.circom";

// Role: ties the witness to the commitment, and measures it.
// Proves: with u_j = lanes[j] - offset,
//     y = sum_(j < n) u_j gamma^j + sum_k rho[k] gamma^(n+k)   and   norm = sum_(j < n) u_j^2, modulo r.
// Caller must: fix lanes and rho before gamma exists; bound the lanes; let `group` be even and divide n.
template Evaluate(n, offset, group) {
    signal input lanes[n];
    signal input rho[BLINDING_COEFFICIENTS()];
    signal input gamma;
    signal output y;
    signal output norm;

    assert(n % group == 0);
    assert(group % 2 == 0);

    // power[i] = gamma^(i + 1); geometric = sum_(i < group) gamma^(2i).
    signal power[group];
    var evenPowers = 1;
    power[0] <== gamma;
    for (var i = 1; i < group; i++) {
        power[i] <== power[i - 1] * gamma;
        if (i % 2 == 1 && i < group - 1) {
            evenPowers += power[i];
        }
    }
    signal geometric <== evenPowers * (1 + power[group - 1]);

    var groups = n \ group;
    component squares[groups];
    component shifted[groups];
    signal acc[groups + 1];
    var total = 0;

    var last = BLINDING_COEFFICIENTS() - 1;
    signal blinding[last + 1];
    blinding[last] <== rho[last];
    for (var k = last - 1; k >= 0; k--) {
        blinding[k] <== blinding[k + 1] * gamma + rho[k];
    }

    acc[groups] <== blinding[0];
    for (var g = groups - 1; g >= 0; g--) {
        squares[g] = SumOfSquares(group);
        shifted[g] = SumOfSquares(group);
        for (var i = 0; i < group; i++) {
            var u = lanes[g * group + i] - offset;
            squares[g].in[i] <== u;
            if (i == 0) {
                shifted[g].in[i] <== u + 1;
            } else {
                shifted[g].in[i] <== u + power[i - 1];
            }
        }
        total += squares[g].out;
        acc[g] <== acc[g + 1] * power[group - 1] + (shifted[g].out - squares[g].out - geometric) / 2;
    }
    y <== acc[0];
    norm <== total;
}
