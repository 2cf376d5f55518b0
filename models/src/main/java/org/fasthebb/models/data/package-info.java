/**
 * Image data sets, from files or generated, and what training needs to know of them.
 *
 * <pre>
 *   Cifar10, Cifar100 ──────────┐
 *   TinyImageNet, ImageFolder ──┼──▶ DataSet: train and test ImageSet ──▶ ChannelStats: normalised
 *   Shapes ─────────────────────┘        │                                             floats
 *                                        └── sizes ──▶ Split: train, validation, labelled
 * </pre>
 *
 * <ul>
 *   <li>{@link org.fasthebb.models.data.ImageSet} holds images as bytes, channels-last; {@link
 *       org.fasthebb.models.data.DataSet} pairs training with test images and fingerprints them.
 *   <li>{@link org.fasthebb.models.data.Cifar10} and {@link org.fasthebb.models.data.Cifar100} read
 *       the official binary files (through {@code CifarFiles}), {@link
 *       org.fasthebb.models.data.TinyImageNet} the official folders and {@link
 *       org.fasthebb.models.data.ImageFolder} any folders of images (through {@code ImageFiles},
 *       {@code ImageDecoder} and {@code Resize}), and {@link org.fasthebb.models.data.Shapes} draws
 *       its own ({@code ShapeOutline}, {@code ShapePainter}, {@code ValueNoise}).
 *   <li>{@link org.fasthebb.models.data.Inspection} reads the same files and says all that is wrong
 *       with them: the readers tell {@code Problems}, which for reading throws the first.
 *   <li>{@link org.fasthebb.models.protocol.Split} and {@link
 *       org.fasthebb.models.inputs.ChannelStats} work by index, so images are never copied.
 *   <li>{@link org.fasthebb.models.random.Rng} is the only source of chance, and {@link
 *       org.fasthebb.models.data.DataException} the one way that bad data is reported.
 * </ul>
 */
package org.fasthebb.models.data;
