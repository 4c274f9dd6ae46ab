// Membership: a leaf of a Merkle tree of Poseidon hashes.
pragma circom 2.1.6;

include "circomlib/circuits/poseidon.circom";

// Role: shows that a value is one of a set, and not which.
// Proves: out is the root of the tree in which `leaf` stands where the sides say, 1 for the right, the lowest level first.
// Caller must: compare the root; have no leaf that is a hash of two others.
template MerkleRoot(depth) {
    signal input leaf;
    signal input siblings[depth];
    signal input sides[depth];
    signal output out;

    component hash[depth];
    signal left[depth];
    for (var i = 0; i < depth; i++) {
        var node = leaf;
        if (i > 0) {
            node = hash[i - 1].out;
        }
        sides[i] * (sides[i] - 1) === 0;
        left[i] <== node + sides[i] * (siblings[i] - node);
        hash[i] = Poseidon(2);
        hash[i].inputs[0] <== left[i];
        hash[i].inputs[1] <== node + siblings[i] - left[i];
    }
    out <== hash[depth - 1].out;
}
