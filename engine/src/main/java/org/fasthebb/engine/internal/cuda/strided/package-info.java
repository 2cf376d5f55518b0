/** Operations on strided tensors, each a few launches of kernels. */
package org.fasthebb.engine.internal.cuda.strided;
