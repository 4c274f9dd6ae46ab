// A convolution as a matrix product (im2col): a patch is what one output looks at, all its taps and channels in
// a row of `filterHeight * filterWidth * inChannels` floats, in the filter's order. Taps beyond the picture's
// edge are zero. Pictures and patches are NHWC, so that a row of taps lies side by side in either.
import type { backend_util } from '@tensorflow/tfjs-core';

/** The shape of a convolution: TensorFlow.js's own, of channels that come last. */
export type Convolution = backend_util.Conv2DInfo;

/** Patches of all pictures, and the floats of each. */
export const patchShape = (of: Convolution): [number, number] => [
  of.batchSize * of.outHeight * of.outWidth,
  of.filterHeight * of.filterWidth * of.inChannels,
];

/** Copies the pictures' patches into `patches`, which holds zeros. */
export function takePatches(of: Convolution, pictures: Float32Array, patches: Float32Array): void {
  eachRun(of, (picture, patch, length) => {
    for (let k = 0; k < length; k++) patches[patch + k] = pictures[picture + k]!;
  });
}

/** Adds patches up where they lie in `pictures`: the transpose of `takePatches`. */
export function addPatches(of: Convolution, patches: Float32Array, pictures: Float32Array): void {
  eachRun(of, (picture, patch, length) => {
    for (let k = 0; k < length; k++) pictures[picture + k]! += patches[patch + k]!;
  });
}

/** Visits each row of taps that lies in its picture: where it begins in both, and its length in floats. */
function eachRun(of: Convolution, visit: (picture: number, patch: number, length: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = of;
  const { strideHeight, strideWidth, padInfo } = of;
  const rowOfTaps = filterWidth * inChannels;
  let patch = 0;
  for (let n = 0; n < batchSize; n++)
    for (let outY = 0; outY < outHeight; outY++)
      for (let outX = 0; outX < outWidth; outX++) {
        const left = outX * strideWidth - padInfo.left;
        const first = Math.max(0, -left);
        const length = (Math.min(filterWidth, inWidth - left) - first) * inChannels;
        for (let i = 0; i < filterHeight; i++, patch += rowOfTaps) {
          const y = outY * strideHeight - padInfo.top + i;
          if (y < 0 || y >= inHeight) continue;
          const picture = ((n * inHeight + y) * inWidth + left + first) * inChannels;
          visit(picture, patch + first * inChannels, length);
        }
      }
}
