package main

import (
	"bytes"
	"os"
	"sync"
)

// environ is this process's environment, then the inputs', then what the last create or update printed.
func (s *State) environ() []string {
	env := os.Environ()
	if s.Environment != nil {
		for name, value := range *s.Environment {
			env = append(env, name+"="+value)
		}
	}
	if s.AddPreviousOutputInEnv == nil || *s.AddPreviousOutputInEnv {
		if s.Stdout != "" {
			env = append(env, "PULUMI_COMMAND_STDOUT="+s.Stdout)
		}
		if s.Stderr != "" {
			env = append(env, "PULUMI_COMMAND_STDERR="+s.Stderr)
		}
	}
	return env
}

// logger passes the stream called name on to log, unless the logging input says otherwise.
func (s *State) logger(name string, log func(string)) *lineLogger {
	if s.Logging == nil || *s.Logging == name || *s.Logging == "stdoutAndStderr" {
		return &lineLogger{log: log}
	}
	return &lineLogger{log: func(string) {}}
}

// syncBuffer is a buffer that both streams write to.
type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(data)
}

// lineLogger passes on whole lines of any length. (The official plugin stops reading, and so hangs, at one of 64 KiB.)
type lineLogger struct {
	log  func(string)
	rest []byte
}

func (l *lineLogger) Write(data []byte) (int, error) {
	l.rest = append(l.rest, data...)
	for {
		line, rest, found := bytes.Cut(l.rest, []byte("\n"))
		if !found {
			return len(data), nil
		}
		l.log(string(line))
		l.rest = rest
	}
}

// flush passes on a last line that has no newline.
func (l *lineLogger) flush() {
	if len(l.rest) > 0 {
		l.log(string(l.rest))
	}
}
