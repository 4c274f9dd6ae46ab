// The statement about one person's credit: a model gives a score in this bracket, from data that an issuer has signed.
pragma circom 2.1.6;

include "circomlib/circuits/poseidon.circom";
include "lib/dense.circom";
include "lib/features.circom";
include "lib/membership.circom";
include "lib/range.circom";
include "lib/signature.circom";
include "lib/sponge.circom";

function THRESHOLDS() {
    return 9;
}
function ISSUER_DEPTH() {
    return 8;
}

// Columns of all layers.
function MODEL_ELEMENTS(depth, widths) {
    var elements = 0;
    var bits = WEIGHT_BITS();
    for (var l = 0; l < depth; l++) {
        elements += LAYER_ELEMENTS(widths[l], widths[l + 1], bits);
        bits = SUM_BITS(widths[l], bits);
    }
    return elements;
}

// Role: a credit score that is computed at home and believed elsewhere.
// Proves: there is a record (schema, subject, holder, serial, issuedAt, expiresAt, features) that a key signed which stands in the
// tree with the root `issuers`; features lie within the bounds of the model with digest `model`, which is of the same schema; the
// model gives a logit that reaches exactly `bracket` of its nine thresholds; expiresAt - until has 64 bits; nullifier =
// Poseidon(holder, model, until), serialHash = Poseidon(serial, 0).
// Public signals: domain, model, issuers, schema, subject, bracket, until, nullifier, serialHash.
// Caller must: give values below r; take `domain` from where the proof is shown, `subject` from who shows it, `issuers` and `schema`
// from its policy, `model` from a register of digests that were computed from weights, biases and thresholds in range (`SUM_BITS`):
// the digest of other numbers could let sums wrap; fix `until` by the time and below 2^64: a record gives a nullifier for each.
template Score(depth, widths, modelDomain, recordDomain) {
    var inputs = widths[0];
    var elements = MODEL_ELEMENTS(depth, widths);
    signal input domain;
    signal input model;
    signal input issuers;
    signal input schema;
    signal input subject;
    signal input bracket;
    signal input until;
    signal input nullifier;
    signal input serialHash;
    signal input columns[elements];
    signal input thresholds[THRESHOLDS()];
    signal input lower[inputs];
    signal input upper[inputs];
    signal input features[inputs];
    signal input holder;
    signal input serial;
    signal input issuedAt;
    signal input expiresAt;
    signal input key[2];
    signal input nonce[2];
    signal input s;
    signal input siblings[ISSUER_DEPTH()];
    signal input sides[ISSUER_DEPTH()];

    assert(widths[depth] == 1);

    component read = Features(inputs);
    read.in <== features;
    read.lower <== lower;
    read.upper <== upper;

    // The model is the one of the digest.
    var limits = PACKED_ELEMENTS(2 * inputs, BOUND_BITS());
    component digest = Sponge(1 + THRESHOLDS() + limits + elements, modelDomain);
    digest.in[0] <== schema;
    for (var i = 0; i < THRESHOLDS(); i++) {
        digest.in[1 + i] <== thresholds[i];
    }
    for (var i = 0; i < limits; i++) {
        digest.in[1 + THRESHOLDS() + i] <== read.bounds[i];
    }
    for (var i = 0; i < elements; i++) {
        digest.in[1 + THRESHOLDS() + limits + i] <== columns[i];
    }
    model === digest.out;

    // The record is one that an issuer of the set has signed.
    var packed = PACKED_ELEMENTS(inputs, FEATURE_BITS());
    component record = Sponge(6 + packed, recordDomain);
    record.in[0] <== schema;
    record.in[1] <== subject;
    record.in[2] <== holder;
    record.in[3] <== serial;
    record.in[4] <== issuedAt;
    record.in[5] <== expiresAt;
    for (var i = 0; i < packed; i++) {
        record.in[6 + i] <== read.packed[i];
    }
    component signature = Signed();
    signature.key <== key;
    signature.nonce <== nonce;
    signature.s <== s;
    signature.message <== record.out;
    component leaf = Poseidon(2);
    leaf.inputs <== key;
    component root = MerkleRoot(ISSUER_DEPTH());
    root.leaf <== leaf.out;
    root.siblings <== siblings;
    root.sides <== sides;
    issuers === root.out;

    // The model's logit, and how many of its thresholds it reaches.
    var bits = WEIGHT_BITS();
    var offset = 0;
    component hidden[depth];
    for (var l = 0; l < depth - 1; l++) {
        hidden[l] = Hidden(widths[l], widths[l + 1], bits);
        if (l == 0) {
            hidden[l].in <== features;
        } else {
            hidden[l].in <== hidden[l - 1].out;
        }
        var size = LAYER_ELEMENTS(widths[l], widths[l + 1], bits);
        for (var i = 0; i < size; i++) {
            hidden[l].columns[i] <== columns[offset + i];
        }
        offset += size;
        bits = SUM_BITS(widths[l], bits);
    }
    component logit = Affine(widths[depth - 1]);
    if (depth == 1) {
        logit.in <== features;
    } else {
        logit.in <== hidden[depth - 2].out;
    }
    for (var i = 0; i <= widths[depth - 1]; i++) {
        logit.columns[i] <== columns[offset + i];
    }
    bits = SUM_BITS(widths[depth - 1], bits);
    component reached[THRESHOLDS()];
    var count = 0;
    for (var i = 0; i < THRESHOLDS(); i++) {
        reached[i] = NotNegative(bits + 1);
        reached[i].in <== logit.out - thresholds[i];
        count += reached[i].out;
    }
    bracket === count;

    component ahead = Range(64);
    ahead.in <== expiresAt - until;

    component once = Poseidon(3);
    once.inputs[0] <== holder;
    once.inputs[1] <== model;
    once.inputs[2] <== until;
    nullifier === once.out;
    component revocable = Poseidon(2);
    revocable.inputs[0] <== serial;
    revocable.inputs[1] <== 0;
    serialHash === revocable.out;

    // Ties the place to the proof by more than its public input.
    signal place <== domain * domain;
}
