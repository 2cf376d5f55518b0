/**
 * The paper's networks.
 *
 * <ul>
 *   <li>{@link org.fasthebb.models.Architecture}: what blocks a network has
 *   <li>{@link org.fasthebb.models.Variant}: how its neurons respond (soft-WTA, HPCA, backprop)
 *   <li>{@link org.fasthebb.models.Network}: its tensors, its forward passes, and Hebbian learning
 *   <li>{@link org.fasthebb.models.SoftHebbNetwork}: SoftHebb's blocks, with the {@link
 *       org.fasthebb.models.Padding} and {@link org.fasthebb.models.Pool} that they need
 * </ul>
 *
 * <p>Beside it: {@code data} reads and splits images, {@code train} has the protocols of
 * pre-training and fine-tuning, {@code io} the safetensors format, {@code math} the eigenvalue
 * decomposition behind ZCA whitening.
 */
package org.fasthebb.models;
