package org.fasthebb.spark;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** A standalone Spark cluster of processes on 127.0.0.1, from the jars of the class path. */
final class LocalCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final long SECONDS_TO_START = 300;

  private final Path home;
  private final String master;
  private final List<Process> processes = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();

  /** Starts a master and workers of one core each. */
  LocalCluster(Path home, int workers) throws Exception {
    this.home = home;
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(entry).toAbsolutePath();
      if (entry.endsWith(".jar")) {
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
      }
    }
    int port = freePort();
    master = "spark://" + HOST + ":" + port;
    boolean started = false;
    try {
      launch("master", "master.Master", "--port", "" + port);
      awaitPort(port);
      for (int i = 0; i < workers; i++) {
        Path work = home.resolve("work" + i);
        String[] args = {"--cores", "1", "--memory", "2g", "--work-dir", work.toString(), master};
        this.workers.add(launch("worker" + i, "worker.Worker", args));
      }
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private static void awaitPort(int port) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
    while (true) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  private Process launch(String name, String main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m", "-Dspark.master.rest.enabled=false", "-cp", home.resolve("jars") + "/*"));
    command.addAll(List.of("org.apache.spark.deploy." + main, "--host", HOST, "--webui-port", "0"));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", HOST);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectErrorStream(true).redirectOutput(home.resolve(name + ".log").toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** A session on this cluster, once all workers have come. */
  SparkSession session() {
    String classes =
        String.join(
            File.pathSeparator,
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith(".jar"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .toList());
    return SparkSession.builder()
        .master(master)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", HOST)
        .config("spark.driver.bindAddress", HOST)
        .config("spark.executor.extraClassPath", classes)
        .config("spark.executor.memory", "1500m")
        .config("spark.executor.cores", "1")
        .config("spark.scheduler.minRegisteredResourcesRatio", "1")
        .config("spark.cores.max", workers.size())
        .config("spark.sql.warehouse.dir", home.resolve("warehouse").toString())
        .getOrCreate();
  }

  /** Kills the executor of a worker; the worker then starts another one. */
  boolean killExecutor(int worker) {
    return workers
        .get(worker)
        .descendants()
        .filter(ProcessHandle::isAlive)
        .findFirst()
        .map(ProcessHandle::destroyForcibly)
        .orElse(false);
  }

  @Override
  public void close() {
    for (Process process : processes.reversed()) {
      List<ProcessHandle> executors = process.descendants().toList();
      process.destroy();
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      process.destroyForcibly();
      executors.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
