/**
 * Packs: a data set whose images are decoded and resized once and then stored in a few large files,
 * which are mapped into memory. Start with {@link org.fasthebb.models.pack.Pack}, which opens one,
 * and {@link org.fasthebb.models.pack.PackWriter}, which makes one.
 *
 * <p>{@code PackFiles} names the files, {@link org.fasthebb.models.pack.PackHeader} is what the
 * first of them says, {@code PackIndex} finds the record of an image. {@code ShardWriter} writes
 * records and {@code PackedImages} reads them. {@link org.fasthebb.models.pack.PackFormat} is how
 * one image is stored.
 */
package org.fasthebb.models.pack;
