/** Contractions as products of matrices, by cuBLAS or by a kernel of our own. */
package org.fasthebb.engine.internal.cuda.gemm;
