package org.fasthebb.spark;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** A standalone Spark cluster of processes on 127.0.0.1, from the jars of the class path. */
final class LocalCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final long SECONDS_TO_START = 300;

  /** Flags of masters and workers, which compute nothing. */
  private static final List<String> DAEMON =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dspark.master.rest.enabled=false");

  private final Path home;
  private final String master;
  private final List<Process> processes = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();

  /** Ends the processes where the tests themselves are ended. */
  private final Thread hook = new Thread(this::end);

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
    Runtime.getRuntime().addShutdownHook(hook);
    int port = freePort();
    master = "spark://" + HOST + ":" + port;
    boolean started = false;
    try {
      List<String> command = spark(DAEMON, "org.apache.spark.deploy.master.Master");
      command.addAll(List.of("--host", HOST, "--webui-port", "0", "--port", "" + port));
      launch("master", command, "");
      awaitPort(port);
      for (int i = 0; i < workers; i++) {
        addWorker();
      }
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  /**
   * Starts another worker.
   *
   * @param options that a JVM takes, for its executors
   */
  void addWorker(String... options) throws IOException {
    String name = "worker" + workers.size();
    List<String> command = spark(DAEMON, "org.apache.spark.deploy.worker.Worker");
    command.addAll(List.of("--host", HOST, "--webui-port", "0", "--cores", "1", "--memory", "2g"));
    command.addAll(List.of("--work-dir", home.resolve(name).toString(), master));
    workers.add(launch(name, command, String.join(" ", options)));
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

  /** The command line of one of Spark's programs, as Spark's own scripts make it. */
  private List<String> spark(List<String> flags, String main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("--add-"))
            .toList());
    command.addAll(List.of("-cp", home.resolve("jars") + "/*", main));
    return command;
  }

  private Process launch(String name, List<String> command, String options) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", HOST);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    if (!options.isEmpty()) {
      builder.environment().put("JDK_JAVA_OPTIONS", options);
    }
    builder.redirectErrorStream(true).redirectOutput(log(name).toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** What a process has printed. */
  Path log(String name) {
    return home.resolve(name + ".log");
  }

  /** Starts what {@code spark-submit} does, with FastHebb in a jar as users have it. */
  Process submit(String name, String... args) throws IOException {
    List<String> command = spark(List.of("-Xmx1g"), "org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--master", master, "--class", FeatureJob.class.getName()));
    conf().forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.add(jar().toString());
    command.addAll(List.of(args));
    return launch(name, command, "");
  }

  /** The classes of the class path that are in folders. */
  private static List<Path> folders() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith(".jar") && Files.isDirectory(Path.of(entry)))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .toList();
  }

  private Path jar() throws IOException {
    Path jar = home.resolve("fasthebb-spark.jar");
    if (Files.exists(jar)) {
      return jar;
    }
    Set<String> names = new HashSet<>();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Path folder : folders()) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            String entry = folder.relativize(file).toString().replace(File.separatorChar, '/');
            if (names.add(entry)) {
              out.putNextEntry(new JarEntry(entry));
              Files.copy(file, out);
            }
          }
        }
      }
    }
    return jar;
  }

  private Map<String, String> conf() {
    Map<String, String> conf = new TreeMap<>();
    conf.put("spark.ui.enabled", "false");
    conf.put("spark.driver.host", HOST);
    conf.put("spark.driver.bindAddress", HOST);
    conf.put("spark.executor.memory", "1200m");
    conf.put("spark.executor.cores", "1");
    conf.put("spark.scheduler.minRegisteredResourcesRatio", "1");
    conf.put("spark.cores.max", Integer.toString(workers.size()));
    conf.put("spark.sql.warehouse.dir", home.resolve("warehouse").toString());
    return conf;
  }

  /** A session on this cluster, once all workers have come. */
  SparkSession session() {
    return session(Map.of());
  }

  /** The same with more settings. */
  SparkSession session(Map<String, String> more) {
    SparkSession.Builder builder = SparkSession.builder().master(master);
    conf().forEach(builder::config);
    String classes =
        String.join(File.pathSeparator, folders().stream().map(Path::toString).toList());
    builder.config("spark.executor.extraClassPath", classes);
    more.forEach(builder::config);
    return builder.getOrCreate();
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

  /** Ends a worker and its executor for good. */
  void killWorker(int worker) {
    kill(workers.get(worker));
  }

  private static void kill(Process process) {
    List<ProcessHandle> executors = process.descendants().toList();
    process.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  private void end() {
    processes.reversed().forEach(LocalCluster::kill);
  }

  @Override
  public void close() throws IOException {
    end();
    Runtime.getRuntime().removeShutdownHook(hook);
    try (Stream<Path> links = Files.list(home.resolve("jars"))) {
      for (Path link : links.toList()) {
        Files.delete(link); // JUnit warns of each one that it removes with a test's folder
      }
    }
  }
}
