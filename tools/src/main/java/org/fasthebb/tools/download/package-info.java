/**
 * Downloads of data sets: an {@code Installation} brings the archive of a {@code Source} by a
 * {@code Download} into a {@code PartFile}, checks it, and unpacks it as an {@code Archive}.
 */
package org.fasthebb.tools.download;
