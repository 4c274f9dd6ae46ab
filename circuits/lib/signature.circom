// Signature: EdDSA over Baby Jubjub with Poseidon (EIP-2494; circomlib's verifier, which leaves it to its caller that points are on
// the curve).
pragma circom 2.1.6;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/eddsaposeidon.circom";

// Role: a message was signed with a key.
// Proves: S Base8 = R8 + Poseidon(R8, A, message) 8 A with A and R8 on the curve, 8 A not 0, and S below the subgroup's order.
// Caller must: fix the key.
template Signed() {
    signal input key[2];
    signal input nonce[2];
    signal input s;
    signal input message;

    component onCurve[2];
    for (var i = 0; i < 2; i++) {
        onCurve[i] = BabyCheck();
    }
    onCurve[0].x <== key[0];
    onCurve[0].y <== key[1];
    onCurve[1].x <== nonce[0];
    onCurve[1].y <== nonce[1];

    component verifier = EdDSAPoseidonVerifier();
    verifier.enabled <== 1;
    verifier.Ax <== key[0];
    verifier.Ay <== key[1];
    verifier.R8x <== nonce[0];
    verifier.R8y <== nonce[1];
    verifier.S <== s;
    verifier.M <== message;
}
