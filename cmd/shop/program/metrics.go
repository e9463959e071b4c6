package program

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"joetz/shop/mail"
	"joetz/shop/queue"
)

// metrics are figures for who watches over the shop. They name routes, never addresses, people or answers.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics(p *Program) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "shop_request_seconds", Help: "How long requests took, by route and status.",
		Buckets: []float64{.002, .005, .01, .025, .05, .1, .2, .5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewDBStatsCollector(p.DB.DB.DB, "shop"), standing{p})
	return m
}

// observe counts a request.
func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// standing counts what waits in the database at each look: the same answer from every process.
type standing struct{ p *Program }

var (
	jobsWaiting = prometheus.NewDesc("shop_jobs_due", "Jobs that are due and not done.", nil, nil)
	jobsOldest  = prometheus.NewDesc("shop_jobs_oldest_seconds", "How long the longest waiting due job has been due.", nil, nil)
	jobsDead    = prometheus.NewDesc("shop_jobs_dead", "Jobs that were given up: a person decides.", nil, nil)
	mailWaiting = prometheus.NewDesc("shop_mails_waiting", "Mails that are not sent yet.", nil, nil)
	mailDead    = prometheus.NewDesc("shop_mails_refused", "Mails that a server refused for good.", nil, nil)
	databaseUp  = prometheus.NewDesc("shop_database_up", "1 when the database answers.", nil, nil)
)

// Describe names the figures.
func (standing) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{jobsWaiting, jobsOldest, jobsDead, mailWaiting, mailDead, databaseUp} {
		out <- d
	}
}

// Collect reads the figures; without a database only that is told.
func (s standing) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64) { out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	jobs, err := queue.StandingAt(ctx, s.p.DB.DB, s.p.Now())
	mails, mailErr := mail.StandingOf(ctx, s.p.DB.DB)
	if err = errors.Join(err, mailErr); err != nil {
		s.p.log.Warn("no figures of the database", "error", err)
		gauge(databaseUp, 0)
		return
	}
	gauge(databaseUp, 1)
	gauge(jobsWaiting, float64(jobs.Waiting))
	gauge(jobsOldest, jobs.Oldest.Seconds())
	gauge(jobsDead, float64(jobs.Dead))
	gauge(mailWaiting, float64(mails.Waiting))
	gauge(mailDead, float64(mails.Refused))
}

// runMetrics serves the figures on an address of their own, which the world does not reach.
func (p *Program) runMetrics(ctx context.Context) error {
	if p.watched == nil {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.metrics.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close() // who reads figures asks again
	}()
	if err := server.Serve(p.watched); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
