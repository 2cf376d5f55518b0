/**
 * The paper's networks.
 *
 * <ul>
 *   <li>{@link org.fasthebb.models.network.Architecture}: what blocks a network has
 *   <li>{@link org.fasthebb.models.network.Variant}: how its neurons respond (soft-WTA, HPCA,
 *       backprop)
 *   <li>{@link org.fasthebb.models.network.Network}: its tensors, its forward passes, and Hebbian
 *       learning
 *   <li>{@link org.fasthebb.models.network.SoftHebbNetwork}: SoftHebb's blocks, with the {@link
 *       org.fasthebb.models.network.Padding} and {@link org.fasthebb.models.network.Pool} that they
 *       need
 * </ul>
 *
 * <p>Beside it: {@code data} reads and splits images, {@code train} has the protocols of
 * pre-training and fine-tuning, {@code io} the safetensors format, {@code linalg} the eigenvalue
 * decomposition behind ZCA whitening.
 */
package org.fasthebb.models;
