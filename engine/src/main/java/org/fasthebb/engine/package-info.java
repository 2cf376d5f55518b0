/**
 * The engine's public face.
 *
 * <table>
 * <caption>Where things are</caption>
 * <tr><th>idea</th><th>class</th></tr>
 * <tr><td>an array with shape and strides, its views and its arithmetic</td><td>{@link
 * org.fasthebb.engine.Tensor}</td></tr>
 * <tr><td>Einstein summation, the one multiplication primitive</td><td>{@link
 * org.fasthebb.engine.Contraction}</td></tr>
 * <tr><td>where tensors live</td><td>{@link org.fasthebb.engine.Backend}</td></tr>
 * <tr><td>what computes: the interface that a new device implements</td><td>{@link
 * org.fasthebb.engine.Device}</td></tr>
 * <tr><td>temporaries that are reused from step to step</td><td>{@link
 * org.fasthebb.engine.Scope}</td></tr>
 * <tr><td>where sums over a batch in shards meet</td><td>{@link
 * org.fasthebb.engine.Reducer}</td></tr>
 * <tr><td>random numbers by seed and position</td><td>{@link
 * org.fasthebb.engine.SplitMix64}</td></tr>
 * <tr><td>tensors in files</td><td>{@link org.fasthebb.engine.io.TensorFile}</td></tr>
 * <tr><td>reverse-mode differentiation</td><td>{@link org.fasthebb.engine.Tape}</td></tr>
 * </table>
 *
 * <p>Axes are named as in the FastHebb paper: b runs over patches, n over neurons, s over the size
 * of a patch. Images are channels-last, (b, h, w, c). Operands are checked here, before any kernel
 * runs; kernels trust what they are given.
 */
package org.fasthebb.engine;
