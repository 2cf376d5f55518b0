/**
 * Golden files: numbers recorded from the authors' code, and their recomputation with this library.
 *
 * <p>{@link org.fasthebb.tools.verify.Verification}, the class to read first, reads a file, finds
 * its family, recomputes its tensors and compares. All sizes are taken from the names and shapes of
 * the file's tensors. Each family has a class of its own, such as {@code LayerCases}, which only
 * calls the library.
 *
 * <p>Golden files keep PyTorch's layouts, images (b, c, h, w) and weights (n, c, i, j). Tensors are
 * converted when they are read, and results are converted back when they are compared.
 */
package org.fasthebb.tools.verify;
