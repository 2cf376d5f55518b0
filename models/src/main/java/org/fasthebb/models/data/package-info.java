/**
 * Image data sets, from files or generated. Start with {@link
 * org.fasthebb.models.data.ImageSource}, then see {@link org.fasthebb.models.data.Cifar10} for a
 * reader.
 *
 * <pre>
 *   Cifar10, Cifar100 ──────────┐
 *   TinyImageNet, ImageFolder ──┼──▶ DataSet: train and test, each an ImageSource
 *   Shapes ─────────────────────┘
 * </pre>
 *
 * <ul>
 *   <li>An {@link org.fasthebb.models.data.ImageSource} gives labelled images of one shape as
 *       bytes, channels-last; {@link org.fasthebb.models.data.ImageSet} holds them in memory.
 *       {@link org.fasthebb.models.data.DataSet} pairs training with test images and fingerprints
 *       them.
 *   <li>{@link org.fasthebb.models.data.Cifar10} and {@link org.fasthebb.models.data.Cifar100} read
 *       the official binary files (through {@code CifarFiles}), {@link
 *       org.fasthebb.models.data.TinyImageNet} the official folders and {@link
 *       org.fasthebb.models.data.ImageFolder} any folders of images (through {@code FolderListing},
 *       {@code ImageFiles} and the room {@code image}). {@link org.fasthebb.models.data.Shapes}
 *       draws its own images ({@code ShapeOutline}, {@code ShapePainter}, {@code ValueNoise}).
 *   <li>{@link org.fasthebb.models.data.Inspection} reads the same files and lists all problems.
 *       The readers report to {@code Problems}, which in normal reading throws the first one.
 *       {@link org.fasthebb.models.data.PassedOver} counts the files that are not read.
 *   <li>{@link org.fasthebb.models.data.DataException} reports all bad data. {@link
 *       org.fasthebb.models.data.TarReader} reads the archives that data sets are published in.
 * </ul>
 *
 * <p>Which images are used for what is decided elsewhere, by index, so images are never copied: see
 * {@link org.fasthebb.models.protocol.Split} and {@link org.fasthebb.models.inputs.Examples}.
 */
package org.fasthebb.models.data;
