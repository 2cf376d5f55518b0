package org.fasthebb.bench;

import java.util.concurrent.TimeUnit;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.learn.BackpropLearner;
import org.fasthebb.models.learn.FineTuning;
import org.fasthebb.models.learn.HebbianLearner;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.learn.Stepper;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Neurons;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.PretrainSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One training step of a network: pre-training by each rule in each form, and fine-tuning.
 *
 * <p>In the small network a batch of 64 needs 7.3 GMAC (soft-WTA), 9.2 GMAC (HPCA, blocked
 * residual) and 11 GMAC (fine-tuning); {@link Work} counts them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {
      Measure.VECTORS,
      Measure.UNSAFE,
      Measure.NATIVE,
      "-XX:+UseSerialGC",
      "-XX:MaxRAMPercentage=70"
    })
@Warmup(iterations = 100)
@Measurement(iterations = 50)
public class StepBenchmark {
  private static final int CLASSES = 10;

  /** Kind of step: swta, hpca or finetune. */
  @Param({"swta", "hpca", "finetune"})
  public String step;

  /** Form of the rule. */
  @Param({"fast"})
  public String form;

  /** Name of the network. */
  @Param({"small"})
  public String architecture;

  /** Images per step. */
  @Param({"64"})
  public int batch;

  /** What computes: cpu or cuda. */
  @Param({"cpu"})
  public String device;

  /** Threads. */
  @Param({"2"})
  public int threads;

  private Backend backend;
  private Stepper stepper;
  private Tensor images;
  private int[] labels;
  private long steps;

  /** Made by JMH. */
  public StepBenchmark() {}

  /** Builds the network and a batch. */
  @Setup
  public void setUp() {
    backend = Devices.open(device, threads);
    Architecture network = Architecture.named(architecture).orElseThrow();
    int[] shape = {batch, network.side(), network.side(), Architecture.CHANNELS};
    stepper = new Stepper(backend, learner(backend, network, step, form), CLASSES, shape);
    images = Neurons.uniform(backend, 1, 1, shape);
    labels = new int[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = i % CLASSES;
    }
  }

  /** A learner for a network, by a method's rule or by backprop. */
  static Learner learner(Backend backend, Architecture architecture, String step, String form) {
    boolean backprop = step.equals("finetune");
    String name = backprop ? "supervised" : step;
    Method method =
        Method.named(name)
            .orElseThrow(() -> new IllegalArgumentException("there is no step " + step));
    PretrainSettings fast = PretrainSettings.of(method, architecture);
    PretrainSettings how = form.equals("naive") ? fast.inNaiveForm() : fast;
    Network network = how.network(backend, architecture.side(), 1);
    return backprop
        ? new BackpropLearner(network, CLASSES, FineTuning.cifar10(), false, 1)
        : new HebbianLearner(network, CLASSES, how.eta(), 1);
  }

  /** One step. */
  @Benchmark
  public void step() {
    stepper.step(labels, into -> into.assign(images), steps++);
    backend.await();
  }

  /** Ends the backend's threads. */
  @TearDown
  public void tearDown() {
    backend.close();
  }
}
