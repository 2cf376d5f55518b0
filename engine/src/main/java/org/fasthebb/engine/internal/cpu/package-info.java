/**
 * The CPU as a device. {@link org.fasthebb.engine.internal.cpu.CpuDevice} has an operation by a
 * class: element by element, reductions, pooling, dropout, and one fused pass for each learning
 * rule, {@link org.fasthebb.engine.internal.cpu.Competition} and {@link
 * org.fasthebb.engine.internal.cpu.Deflation}.
 */
package org.fasthebb.engine.internal.cpu;
