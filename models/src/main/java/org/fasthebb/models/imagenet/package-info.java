/**
 * ImageNet as it is published, read where it lies. Start with {@link
 * org.fasthebb.models.imagenet.ImageNet}.
 *
 * <pre>
 *   Devkit (MatFile) ─▶ Synsets ─┬─▶ OfficialArchives (FileRange) ─┬─▶ FileIndex ─▶ DataSet
 *                                └─▶ WnidFolders ──────────────────┘
 * </pre>
 *
 * <ul>
 *   <li>{@code Devkit} reads the classes, and the labels of validation images, from the development
 *       kit; {@code MatFile} reads the MATLAB file in it. {@code Synsets} gives labels and names.
 *   <li>{@code OfficialArchives} and {@code WnidFolders} list the images, {@code ParallelListing}
 *       many classes at once. An image's place, length, label and name take some 40 bytes in a
 *       {@link org.fasthebb.models.data.FileIndex}; it is decoded when it is asked for.
 * </ul>
 */
package org.fasthebb.models.imagenet;
