// Dense: layers of a model in integers. Weights that meet one input are packed into one number, one output beside the other, so
// that one product serves several outputs, and nothing is rounded between layers: sums grow instead.
pragma circom 2.1.6;

include "inner_product.circom";
include "relu.circom";

// Bits of a weight and of a feature, beside the sign.
function WEIGHT_BITS() {
    return 15;
}

function LOG2_CEILING(n) {
    var bits = 0;
    while ((1 << bits) < n) {
        bits++;
    }
    return bits;
}

// Sums of a layer, bias included, lie in [-2^bits, 2^bits) where inputs are at most 2^inputBits, weights below 2^15, and biases
// at most half of that.
function SUM_BITS(inputs, inputBits) {
    return inputBits + WEIGHT_BITS() + LOG2_CEILING(inputs) + 1;
}

// Outputs whose sums share an element.
function OUTPUTS_PER_ELEMENT(sumBits) {
    return 252 \ (sumBits + 1);
}

function OUTPUT_GROUPS(outputs, sumBits) {
    return (outputs + OUTPUTS_PER_ELEMENT(sumBits) - 1) \ OUTPUTS_PER_ELEMENT(sumBits);
}

// Numbers that stand for the weights and biases of a layer: for each group of outputs one for each input, then one for the biases.
function LAYER_ELEMENTS(inputs, outputs, inputBits) {
    return OUTPUT_GROUPS(outputs, SUM_BITS(inputs, inputBits)) * (inputs + 1);
}

// Role: a layer without its activation.
// Proves: out = sum_j in[j] columns[j] + columns[inputs], modulo r.
// Caller must: bound inputs and columns, so that the sum does not wrap.
template Affine(inputs) {
    signal input in[inputs];
    signal input columns[inputs + 1];
    signal output out;

    component product = InnerProduct(inputs);
    for (var j = 0; j < inputs; j++) {
        product.a[j] <== in[j];
        product.b[j] <== columns[j];
    }
    out <== product.out + columns[inputs];
}

// Role: a layer with its activation.
// Proves: out[i] = max(0, sum_j in[j] w_ij + b_i) over the integers, where columns[g (inputs + 1) + j] is the sum over the outputs i
// of group g of w_ij 2^(stride (i - first)), and at j = inputs of b_i.
// Caller must: fix columns that were made so from weights and biases in range (`SUM_BITS`), and inputs in [-2^inputBits, 2^inputBits].
template Hidden(inputs, outputs, inputBits) {
    var sumBits = SUM_BITS(inputs, inputBits);
    var perElement = OUTPUTS_PER_ELEMENT(sumBits);
    var groups = OUTPUT_GROUPS(outputs, sumBits);
    signal input in[inputs];
    signal input columns[groups * (inputs + 1)];
    signal output out[outputs];

    component sums[groups];
    component relu[groups];
    for (var g = 0; g < groups; g++) {
        var count = outputs - g * perElement;
        if (count > perElement) {
            count = perElement;
        }
        sums[g] = Affine(inputs);
        sums[g].in <== in;
        for (var j = 0; j <= inputs; j++) {
            sums[g].columns[j] <== columns[g * (inputs + 1) + j];
        }
        relu[g] = SplitRelu(count, sumBits);
        relu[g].in <== sums[g].out;
        for (var i = 0; i < count; i++) {
            out[g * perElement + i] <== relu[g].out[i];
        }
    }
}
