// The same as pom.xml for Gradle 9.1 or later; "gradle run" builds and runs it on the module path.
plugins {
  application
}

repositories {
  // Where "./mvnw deploy" or "./mvnw install" put FastHebb.
  maven {
    url = uri(findProperty("fasthebb.repository") ?: "file://${System.getProperty("user.home")}/.m2/repository")
  }
}

dependencies {
  implementation(platform("org.fasthebb:fasthebb-bom:0.1.0"))
  implementation("org.fasthebb:fasthebb-hebb")
}

java {
  toolchain {
    languageVersion = JavaLanguageVersion.of(25)
  }
}

application {
  mainModule = "embedder"
  mainClass = "embedder.Bars"
}
