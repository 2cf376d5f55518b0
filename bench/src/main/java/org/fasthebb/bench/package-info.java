/**
 * JMH benchmarks. Build with {@code ./mvnw -DskipTests package}, run with {@code java -jar
 * bench/target/benchmarks.jar}; no other flag is needed. Naming a class runs that one only.
 */
package org.fasthebb.bench;
