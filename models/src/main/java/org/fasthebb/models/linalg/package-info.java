/**
 * Eigenvalues, eigenvectors and functions of symmetric matrices, in double precision.
 *
 * <p>Whitening needs the inverse square root of a covariance matrix of 3072 x 3072. The steps, each
 * a class, in the order in which they run:
 *
 * <ol>
 *   <li>{@code Tridiagonal} reduces the matrix to three diagonals by reflections, A = Q T
 *       Q<sup>T</sup>. Half of this work is products with a vector ({@code SymmetricProduct}),
 *       which have to wait for memory.
 *   <li>{@code DivideAndConquer} finds the eigenvectors of T. It cuts T into small blocks, solves
 *       those by {@code TridiagonalQl}, and joins two at a time by {@code Merge}, whose eigenvalues
 *       are the roots of a {@code SecularEquation}.
 *   <li>{@code BackTransformation} multiplies the eigenvectors of T by Q, which makes them those of
 *       A.
 *   <li>{@link org.fasthebb.models.linalg.SymmetricEigen} runs the steps, keeps the result, and
 *       computes functions of A from it.
 * </ol>
 *
 * <p>{@code RowProduct} is the matrix product that all steps share, {@code Vectors} the operations
 * on single rows. {@link org.fasthebb.models.linalg.Parallel} is how a caller lends its threads.
 *
 * <p>The result has the same bits for any number of threads, because the sizes of tasks, and the
 * parts of a sum that is divided, depend on the size of the matrix alone. It has the same bits on
 * every machine, because products are added by {@link java.lang.Math#fma} in a fixed order.
 */
package org.fasthebb.models.linalg;
