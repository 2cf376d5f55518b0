/**
 * Threads, memory that is lent and reused, and work that is recorded once and repeated. Nothing
 * here knows what is computed.
 */
package org.fasthebb.engine.internal.runtime;
