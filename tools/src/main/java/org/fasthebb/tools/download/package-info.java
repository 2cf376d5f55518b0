/**
 * Downloads of data sets. Start with {@link org.fasthebb.tools.download.Installation}: it downloads
 * the archive of a {@code Source} through a {@code Download} into a {@code PartFile}, checks it,
 * and unpacks it as an {@code Archive}.
 */
package org.fasthebb.tools.download;
