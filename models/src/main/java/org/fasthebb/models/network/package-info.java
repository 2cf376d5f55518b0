/**
 * Networks as lists of stages.
 *
 * <ul>
 *   <li>{@link org.fasthebb.models.network.Architecture}: which layers a network has, by name;
 *       {@link org.fasthebb.models.network.Layer} is one line of it
 *   <li>{@link org.fasthebb.models.network.Neurons}: how its neurons learn and respond
 *   <li>{@link org.fasthebb.models.network.Network}: its stages with their tensors, made of both
 *   <li>{@link org.fasthebb.models.network.Stage}: one of them, and {@link
 *       org.fasthebb.models.network.Sequence}, the one place where they are walked: to evaluate, to
 *       learn, to be traced on a tape for backprop
 *   <li>{@link org.fasthebb.models.network.Vae}: an auto-encoder around a network, with its {@link
 *       org.fasthebb.models.network.VaeLoss}
 * </ul>
 *
 * <p>Images are (b, h, w, c), features (b, F).
 */
package org.fasthebb.models.network;
