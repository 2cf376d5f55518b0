/** The driver of an NVIDIA GPU: how it and its libraries are found, and what it gives. */
package org.fasthebb.engine.internal.cuda.runtime;
