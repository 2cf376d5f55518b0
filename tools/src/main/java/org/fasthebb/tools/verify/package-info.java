/**
 * Golden files: numbers recorded from the authors' code, and their recomputation with this library.
 *
 * <p>{@link org.fasthebb.tools.verify.Verification} reads a file, finds out which of the known
 * families it belongs to, recomputes what it holds and compares. What a file holds shows in its
 * tensors' names and shapes; no size is known beforehand. Each family's formulas live in a class of
 * their own, {@code LayerCases} for one, which only calls the library.
 *
 * <p>Golden files keep PyTorch's layouts, images (b, c, h, w) and weights (n, c, i, j). They are
 * turned where they are read, and what was computed is turned back where it is compared.
 */
package org.fasthebb.tools.verify;
