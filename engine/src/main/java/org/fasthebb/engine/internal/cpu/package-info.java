/**
 * The CPU as a device. {@link org.fasthebb.engine.internal.cpu.CpuDevice} is the class to read
 * first. It passes each kind of operation to a class: element-wise operations, reductions, pooling,
 * random numbers, and one fused pass for each of two learning rules, {@link
 * org.fasthebb.engine.internal.cpu.Competition} and {@link
 * org.fasthebb.engine.internal.cpu.Deflation}.
 */
package org.fasthebb.engine.internal.cpu;
