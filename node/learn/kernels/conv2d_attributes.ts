// What TensorFlow.js says of a convolution when it asks for a gradient of it.

/** The attributes that both gradients share. */
export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** @throws Error where the channels do not come last. */
export function checkChannelsLast(kernel: string, dataFormat: ConvolutionAttributes['dataFormat']): void {
  if (dataFormat !== 'NHWC')
    throw new Error(`${kernel}: dataFormat is ${dataFormat}, but only NHWC runs on the WASM backend`);
}
