/**
 * Files in the format of <a href="https://onnx.ai/onnx/repo-docs/IR.html">ONNX</a>, by which other
 * programs run networks: {@link org.fasthebb.models.onnx.OnnxGraph} collects nodes, which the parts
 * of a network add themselves.
 *
 * <p>An ONNX file is one message of Google's protocol buffers. Only writing is needed, and only of
 * numbers, texts and bytes, so {@code ProtobufMessage} does it; the library protobuf-java, with the
 * classes that it generates for ONNX, would be a dependency of 2 MB for that.
 */
package org.fasthebb.models.onnx;
