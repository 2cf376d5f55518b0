/**
 * How devices compute. Nothing here is exported.
 *
 * <table>
 * <caption>Rooms</caption>
 * <tr><th>package</th><th>what is in it</th></tr>
 * <tr><td>{@code runtime}</td><td>threads, reused memory, recordings</td></tr>
 * <tr><td>{@code kernels}</td><td>inner loops over arrays, scalar and with the Vector API</td></tr>
 * <tr><td>{@code strided}</td><td>loops over the axes of strided tensors</td></tr>
 * <tr><td>{@code gemm}</td><td>the matrix product</td></tr>
 * <tr><td>{@code winograd}</td><td>convolutions of 3 x 3</td></tr>
 * <tr><td>{@code cpu}</td><td>the CPU as a device: all its operations</td></tr>
 * <tr><td>{@code cuda}</td><td>an NVIDIA GPU as a device, with rooms of the same names</td></tr>
 * </table>
 *
 * <p>A package depends only on those above it in this table, and {@code cuda} not on {@code gemm},
 * {@code winograd} or {@code cpu}.
 */
package org.fasthebb.engine.internal;
