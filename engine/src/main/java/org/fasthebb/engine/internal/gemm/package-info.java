/**
 * The matrix product under every contraction, after Goto and BLIS: {@link
 * org.fasthebb.engine.internal.gemm.Blocking} decides how it is cut, {@link
 * org.fasthebb.engine.internal.gemm.Packing} copies operands into panels, {@link
 * org.fasthebb.engine.internal.gemm.Gemm} runs the blocks.
 */
package org.fasthebb.engine.internal.gemm;
