// A trained model in the forms that other tools read.
export type { TrainedModel } from './model.ts';
export { type OnnxModel, onnx, onnxVersions } from './onnx/onnx.ts';
export { safetensors } from './safetensors.ts';
export { type TfjsFiles, tfjs } from './tfjs.ts';
