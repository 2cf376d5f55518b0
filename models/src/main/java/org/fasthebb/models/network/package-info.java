/**
 * Networks as lists of stages. Start with {@link org.fasthebb.models.network.Network}.
 *
 * <ul>
 *   <li>An {@link org.fasthebb.models.network.Architecture} is a named list of {@link
 *       org.fasthebb.models.network.Layer}s, without weights. A new architecture is one more list.
 *   <li>{@link org.fasthebb.models.network.Neurons} say how the neurons learn and respond.
 *   <li>A {@link org.fasthebb.models.network.Network} is made from both: a {@link
 *       org.fasthebb.models.network.Stage} with tensors for each layer.
 *   <li>A {@link org.fasthebb.models.network.Sequence} of stages is the only place that walks them:
 *       to evaluate, to learn, or to record them on a tape for backprop ({@link
 *       org.fasthebb.models.network.Trace}).
 *   <li>A {@link org.fasthebb.models.network.Vae} is an auto-encoder around a network; its loss is
 *       {@link org.fasthebb.models.network.VaeLoss}.
 * </ul>
 *
 * <p>Images are (b, h, w, c), features (b, F).
 */
package org.fasthebb.models.network;
